"""The command line: options, exit codes, tables for people, and JSON for other programs.

command_line                       the options that every job has, and how a job ends
clock                              the time, and today's date in London
terminal                           tables and progress
check_tables, check_json           the result of a check
explanations, explanations_json    the deadlines of an incident, explained
ledger_tables                      the ledger
schedule_tables                    the jobs of the timetable
"""
