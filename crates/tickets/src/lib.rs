//! What a ticket bot decides.
