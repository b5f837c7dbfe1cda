"""Forms that go out and come back: what was asked, what an answer means, and whose it is."""
