"""Setting the program up: questions in plain words, whose answers become config.toml.

questions    what is asked, and how an answer is read
asking       a person answers one by one, with a way back; or a file of answers does
draft        the settings while they are being made
"""
