"""What happens when the machine, the disk or an attacker does its worst: kills, lost power, no room, flipped bits."""
