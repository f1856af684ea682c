"""What goes out by rule: invitations, reminders, last calls, thanks, and the timeline that shows them."""
