//! Links the database engine.
