"""Who asks, what they may do, and where: the door every route goes through."""
