"""A DESFire chip made of software: the card's side of the commands, written from its rules.

::

    memory     what the chip keeps without power, as one value
    files      what each kind of file does
    rights     who may do what, and how the data then travel
    channel    secure messaging: none, EV1, EV2
    handshake  the authentications
    session    what the chip holds only while it is in the field
    commands   each instruction's shape, and what carries it out (management, data)
    card       frames, statuses and power around all of it
"""
