"""How a message looks in each kind of service: pure, from a `Message` to what is sent."""
