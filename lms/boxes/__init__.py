"""村里的盒子: a village's own server, which hands over to the city what is born there."""
