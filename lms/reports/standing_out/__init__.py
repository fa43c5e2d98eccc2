"""不寻常的地方: what a person should look at, in sentences that accuse nobody.

`findings.what_stands_out` is the one way in. docs/features/standing-out.md says what is unusual.
"""
