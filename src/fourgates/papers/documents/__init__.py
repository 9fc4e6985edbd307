"""Documents people sign (文书): what each kind says, from the record alone."""
