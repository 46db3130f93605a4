//! Faults of Discord that a test can request: mentions of large roles that fail, and words that names must
//! not contain.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, RandomState};

use serde::{Deserialize, Serialize};

use super::event::Events;
use super::mentions::Mentions;
use super::model::{Privileged, Token};
use super::{Outcome, World};
use crate::error::ApiError;
use crate::id::{ChannelId, RoleId};
use crate::permissions::Permissions;

/// The effect of mentioning a role in a thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleMentions {
    /// The role's members are invited, unless there are too many.
    #[default]
    Invite,
    /// No member is invited, and the message has the flag that says so.
    Skip,
    /// The message is refused with 500.
    Fail,
}

/// The faults that tests have requested; none at first.
#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Trouble {
    roles: BTreeMap<RoleId, RoleMentions>,
    /// In lower case.
    refused_words: Vec<String>,
    /// The words that `AutoMod` blocks, in lower case.
    #[serde(default)]
    blocked_words: Vec<String>,
}

impl World {
    /// Sets the effect of mentioning this role from now on.
    pub fn set_role_mentions(&mut self, role: RoleId, outcome: RoleMentions) -> Outcome<()> {
        if !self.guilds().any(|guild| guild.roles.contains_key(&role)) {
            return Err(ApiError::UnknownRole);
        }
        self.trouble.roles.insert(role, outcome);
        Ok(Events::default().done(()))
    }

    /// Refuses names of channels and threads that contain one of these words, in any case, from now on.
    pub fn refuse_words(&mut self, words: &[String]) -> Outcome<()> {
        let words = words.iter().map(|word| word.to_lowercase());
        self.trouble.refused_words = words.filter(|word| !word.is_empty()).collect();
        Ok(Events::default().done(()))
    }

    pub fn refused_words(&self) -> &[String] {
        &self.trouble.refused_words
    }

    /// Lets `AutoMod` block what people write, and titles of threads, if they contain one of these words, in
    /// any case.
    pub fn block_words(&mut self, words: &[String]) -> Outcome<()> {
        let words = words.iter().map(|word| word.to_lowercase());
        self.trouble.blocked_words = words.filter(|word| !word.is_empty()).collect();
        Ok(Events::default().done(()))
    }

    pub fn blocked_words(&self) -> &[String] {
        &self.trouble.blocked_words
    }

    /// Sets whether the account of every application's owner has two-factor authentication.
    pub fn set_two_factors(&mut self, on: bool) -> Outcome<()> {
        for application in self.applications.values_mut() {
            application.owner_has_two_factors = on;
        }
        Ok(Events::default().done(()))
    }

    /// Switches privileged intents on and off, for every application. As in Discord's developer portal, this
    /// takes effect with the next IDENTIFY.
    pub fn set_privileged(&mut self, privileged: Privileged) -> Outcome<()> {
        for application in self.applications.values_mut() {
            application.privileged = privileged;
        }
        Ok(Events::default().done(()))
    }

    /// Invalidates the token of every bot, as *Reset Token* does in Discord's developer portal. The new token
    /// is not returned.
    pub fn reset_tokens(&mut self) -> Outcome<()> {
        // `RandomState` has a random seed, so the new token cannot be guessed.
        let secret = RandomState::new();
        for application in self.applications.values_mut() {
            let halves = [0, 1].map(|half| secret.hash_one((application.id, half)));
            application.token = Token(format!("{:016x}.{:016x}", halves[0], halves[1]));
        }
        Ok(Events::default().done(()))
    }

    pub(super) fn role_mentions(&self, role: RoleId) -> RoleMentions {
        self.trouble.roles.get(&role).copied().unwrap_or_default()
    }

    /// 50035 if a name contains a refused word. The sentence is what users report from servers in Server
    /// Discovery.
    pub(super) fn check_name(&self, name: &str) -> Result<(), ApiError> {
        let name = name.to_lowercase();
        let refused = |word: &String| name.contains(word.as_str());
        if self.trouble.refused_words.iter().any(refused) {
            let message = "Contains words not allowed for servers in Server Discovery.";
            return Err(ApiError::field("name", "NAME_CONTAINS_REFUSED", message));
        }
        Ok(())
    }

    /// 200000 if `AutoMod` blocks what somebody writes. Members with Manage Server are exempt. Bots are
    /// exempt too: this is not called for them.
    pub(super) fn check_auto_moderation(
        &self,
        permissions: Permissions,
        content: &str,
    ) -> Result<(), ApiError> {
        if self.is_blocked(permissions, content) {
            return Err(ApiError::BlockedByAutoMod);
        }
        Ok(())
    }

    /// 200001 if `AutoMod` blocks the title of a thread.
    pub(super) fn check_title(
        &self,
        permissions: Permissions,
        title: &str,
    ) -> Result<(), ApiError> {
        if self.is_blocked(permissions, title) {
            return Err(ApiError::TitleBlockedByAutoMod);
        }
        Ok(())
    }

    fn is_blocked(&self, permissions: Permissions, text: &str) -> bool {
        let exempt = permissions.has(Permissions::MANAGE_GUILD);
        let text = text.to_lowercase();
        let mut words = self.trouble.blocked_words.iter();
        !exempt && words.any(|word| text.contains(word.as_str()))
    }

    /// 500 if a message in a thread mentions a role for which a test has requested that.
    pub(super) fn check_role_mentions(
        &self,
        channel: ChannelId,
        mentions: &Mentions,
    ) -> Result<(), ApiError> {
        let fails = |role: &RoleId| self.role_mentions(*role) == RoleMentions::Fail;
        if self.threads.contains_key(&channel) && mentions.roles.iter().any(fails) {
            return Err(ApiError::INTERNAL);
        }
        Ok(())
    }
}
