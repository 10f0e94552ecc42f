"""What each verb of the command line does; each calls the study and writes what it finds."""
