"""Nothing of a case lies in the open: canaries are told to the program and then looked for in all that it wrote."""
