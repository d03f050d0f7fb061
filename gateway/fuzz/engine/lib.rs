//! Nothing of its own: what is wanted is the archive that its dependency compiles.
