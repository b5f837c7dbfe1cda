"""What was sent and what was run, in one SQLite file.

database          the file: transactions, and the errors when it cannot be used
ledger            the messages, each to one recipient
sent_summaries    what the weekly summaries contained
returns_so_far    what agencies have sent back that is not all of their return
job_runs          the runs of the jobs
log_memory        what each job found in the log at its last run
"""
