"""An attacker who has read every edition of an event that was ever published, and solves for more. See docs/privacy.md.

`worlds` makes events at random and publishes editions of them as the program does; `equations` turns everything that
these print into linear equations; `solving` looks for what they settle. Used by the tests and by `make bench`.
"""
