"""How long things are kept, and for whom."""

from lms.settings import env

#: Who asked for help and under what number, after somebody closed the request.
HELP_KEPT_DAYS = env.integer("HELP_KEPT_DAYS", 365, unit="days", minimum=1, maximum=3650)
#: What was learnt under a learning number that nobody uses any more; an account's is kept with it.
LEARNER_RECORD_KEPT_DAYS = env.integer(
    "LEARNER_RECORD_KEPT_DAYS", 1095, unit="days", minimum=400, maximum=3650
)
#: Of the nightly ones in BACKUP_DIR.
BACKUPS_KEPT = env.integer("BACKUPS_KEPT", 14, unit="backups", minimum=1, maximum=1000)
#: A public key of age: whose owner alone can read them. "": whoever has the files.
BACKUP_RECIPIENT = env.text("BACKUP_RECIPIENT", "")
