"""How long things are kept, and for whom."""

from lms.settings import env

#: Who asked for help and under what number, after somebody closed the request.
HELP_KEPT_DAYS = env.integer("HELP_KEPT_DAYS", 365, unit="days", minimum=1, maximum=3650)
#: What learners wrote in their own words below 我遇到了.
MET_KEPT_DAYS = env.integer("MET_KEPT_DAYS", 180, unit="days", minimum=1, maximum=3650)
#: What was learnt under a learning number that nobody uses any more; an account's is kept with it.
LEARNER_RECORD_KEPT_DAYS = env.integer(
    "LEARNER_RECORD_KEPT_DAYS", 1095, unit="days", minimum=400, maximum=3650
)
#: Who learns here and came to no class for so long; then the name goes and the figures stay.
LEARNERS_KEPT_DAYS = env.integer("LEARNERS_KEPT_DAYS", 1826, unit="days", minimum=400, maximum=7300)
#: An account made by telephone that nobody has signed in to for so long.
ACCOUNTS_KEPT_DAYS = env.integer("ACCOUNTS_KEPT_DAYS", 1095, unit="days", minimum=400, maximum=3650)
#: Who of the staff looked at learners' data; never less than six months.
LOOKS_KEPT_DAYS = env.integer("LOOKS_KEPT_DAYS", 365, unit="days", minimum=183, maximum=3650)
#: To whom a notice went; what it cost stays, and nobody's.
NOTICES_KEPT_DAYS = env.integer("NOTICES_KEPT_DAYS", 365, unit="days", minimum=31, maximum=3650)
#: Of the nightly ones in BACKUP_DIR.
BACKUPS_KEPT = env.integer("BACKUPS_KEPT", 14, unit="backups", minimum=1, maximum=1000)
#: A public key of age: whose owner alone can read them. "": whoever has the files.
BACKUP_RECIPIENT = env.text("BACKUP_RECIPIENT", "")
