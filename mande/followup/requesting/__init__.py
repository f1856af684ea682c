"""What is asked of colleagues about an action: to own it too, to be named with it, to take it over."""
