"""What people are told by mail and when: the summary, the reminders, the chasers, the calendar and the timetable."""
