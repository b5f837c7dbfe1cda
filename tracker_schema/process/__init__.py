"""The process of the council's guidance, stage by stage.

stages.toml    the stages and the ways from one to the next
stages         where a case is in the process
"""
