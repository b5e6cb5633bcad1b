"""At home in other people's programs: each module meets one of them, and is imported only by who asks for it."""
