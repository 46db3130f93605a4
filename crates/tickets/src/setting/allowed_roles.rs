use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::RoleId;
use crate::text::Text;

/// Members with one of these roles may open tickets; all, if there are none.
#[derive(Clone, Copy, Debug)]
pub struct AllowedRoles;

impl Setting for AllowedRoles {
    fn key(&self) -> &'static str {
        "allowed-roles"
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

impl Typed for AllowedRoles {
    /// Also roles that were deleted.
    type Value = Vec<RoleId>;

    fn value(&self, stored: Option<&str>) -> Vec<RoleId> {
        enter::read_ids(stored).map(RoleId).collect()
    }
}
