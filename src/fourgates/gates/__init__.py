"""The four gates (四关): standard and integrity judge a person, structure the list, procedure the process."""
