use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::RoleId;
use crate::text::Text;

/// Members with one of these roles may not open tickets, whatever else they have.
#[derive(Clone, Copy, Debug)]
pub struct BlockedRoles;

impl Setting for BlockedRoles {
    fn key(&self) -> &'static str {
        "blocked-roles"
    }

    fn group(&self) -> Group {
        Group::Access
    }

    fn kind(&self) -> Kind {
        Kind::Roles(25)
    }

    fn enter(&self, entered: &Entered) -> Result<Option<String>, Text> {
        Ok(enter::ids(entered))
    }

    fn show(&self, stored: Option<&str>) -> Shown {
        enter::roles_or("none", &self.value(stored))
    }

    fn words(&self) -> &'static [&'static str] {
        &["none"]
    }
}

impl Typed for BlockedRoles {
    /// Also roles that were deleted.
    type Value = Vec<RoleId>;

    fn value(&self, stored: Option<&str>) -> Vec<RoleId> {
        enter::read_ids(stored).map(RoleId).collect()
    }
}
