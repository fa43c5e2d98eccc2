"""How often something may be done; part of base.py. `lms/limits.py` counts by it.

Each is "times/span/by": "30/60m/ip" is 30 times in any 60 minutes from one address, `user` counts
by account and `key` by whatever the page names (a telephone number, a session of a class). Of
several, divided by commas, each must allow it. Where a village has one network a whole class is
behind one address, so the numbers by address are those of thirty or a hundred people at once.
"""

RATE_LIMITS = {
    # Nobody's telephone is rung without end, and a class behind one address gets in.
    "send_code": "1/m/key,5/60m/key,10/d/key,60/10m/ip,300/d/ip",
    "type_code": "20/10m/key,300/10m/ip",  # of a million; five of each code, by the session
    "box_hello": "30/60m/ip",  # boxes that register, and wrong codes
    "box_letter": "600/10m/ip",  # what boxes hand over; a city's may stand behind one address
    "faces": "300/60m/ip",  # 五个笑脸: a class that answers its five questions
    "help": "30/60m/ip",  # calls for help
    "here": "600/10m/ip",  # 我到了: every request, and then the wrong ones
    "here_wrong": "40/10m/ip",
    "here_session": "600/10m/key",
    "here_wrong_session": "100/10m/key",
    "kept_book": "600/10m/ip",  # lessons that phones ask for to keep them: a class, twenty each
    "kept_learning": "600/10m/ip",  # what phones noted without a network, of a class at once
    "lesson_tally": "1/10m/key,3000/10m/ip",  # what a learner does, that is counted; more is not
    "met": "60/60m/ip",  # 我遇到了: a class behind one address
    "manual_answer": "300/10m/ip",  # 看懂了 and 没看懂
    "manual_view": "600/10m/ip",  # openings that are counted; more are shown and not counted
    "manufacturer_apply": "10/60m/ip",
    "record": "300/60m/ip",  # new learner records
    "record_wrong": "20/10m/ip",  # numbers that nobody has; a slip fails its check digit first
    "sought": "600/10m/ip",  # words sought that are counted; more are answered and not counted
    "manuals_api": "120/m/ip",  # what other programs ask for
    "roll": "300/m/user,3000/m/ip",  # what teachers' phones ask for and hand over
    "story": "30/60m/ip",  # handed in
    "television_pair": "30/10m/ip",  # screens that ask for digits
    "television_code": "5/10m/user,20/10m/ip",  # wrong digits, of a million
}

#: Closed while nobody counts, since Redis is away: what guards a secret that could be guessed, and
#: a message that costs. Passwords are closed then by allauth. All others are open.
CLOSED_UNCOUNTED = {
    "box_hello",
    "send_code",
    "type_code",
    "here_wrong",
    "here_wrong_session",
    "record_wrong",
    "television_code",
}
