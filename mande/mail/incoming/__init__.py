"""What comes back: bounces, automatic replies, complaints, requests to stop, and now and then a human's reply.

`reading` works out what a message is; `receiving` does what follows from it, once; `inbox`, `commands` and `views` are
the ways in.
"""
