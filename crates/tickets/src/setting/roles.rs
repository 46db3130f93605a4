use super::{Entered, Group, Kind, Setting, Shown, Typed, enter};
use crate::RoleId;
use crate::text::Text;

/// Members with one of these roles may open tickets. Without any roles, all members may.
pub const ALLOWED_ROLES: Roles = Roles("allowed-roles");

/// Members with one of these roles may not open tickets, whatever else they have.
pub const BLOCKED_ROLES: Roles = Roles("blocked-roles");

/// Some roles, with the setting's key.
#[derive(Clone, Copy, Debug)]
pub struct Roles(&'static str);

impl Setting for Roles {
    fn key(&self) -> &'static str {
        self.0
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

impl Typed for Roles {
    /// May contain roles that were deleted.
    type Value = Vec<RoleId>;

    fn value(&self, stored: Option<&str>) -> Vec<RoleId> {
        enter::read_ids(stored).map(RoleId).collect()
    }
}
