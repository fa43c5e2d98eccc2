from celery import shared_task

from lms.people.services.roles import sign_out_ended


@shared_task(name="people.sign_out_ended", time_limit=1800)
def sign_out_whose_role_has_ended() -> None:
    sign_out_ended()
