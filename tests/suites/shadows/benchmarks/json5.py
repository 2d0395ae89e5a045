WHOSE = "the suite"
