"""iCalendar files: agendas, public holidays, showings."""
