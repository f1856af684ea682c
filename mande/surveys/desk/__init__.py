"""Answers that a member of staff takes down: by telephone, from a sheet with a name, from a sheet without.

What is taken down goes into the ballot box like any answer. Nobody of the team gets a person's link, or sees what
somebody has answered by themselves.
"""
