//! A bot's changes of its own application.

use std::collections::BTreeMap;

use super::channels::put;
use super::draft::Upload;
use super::event::Events;
use super::model::{InstallParams, Privileged, Profile};
use super::{Outcome, World};
use crate::error::ApiError;
use crate::id::{ApplicationId, Timestamp};

/// A change of an application.
#[derive(Clone, Debug, Default)]
pub struct ApplicationEdit {
    pub description: Option<String>,
    pub icon: Option<Option<Upload>>,
    pub cover_image: Option<Option<Upload>>,
    pub tags: Option<Vec<String>>,
    pub privileged: Option<Privileged>,
    pub custom_install_url: Option<Option<String>>,
    pub install_params: Option<Option<InstallParams>>,
    /// Empty stands for the default of a new application.
    pub integration_types: Option<BTreeMap<u8, Option<InstallParams>>>,
}

impl World {
    /// Changes an application. Changes of its intents take effect with the next IDENTIFY.
    pub fn edit_application(
        &mut self,
        now: Timestamp,
        id: ApplicationId,
        edit: ApplicationEdit,
    ) -> Outcome<()> {
        let mut keep = |picture: Option<Option<Upload>>| {
            picture.map(|upload| upload.map(|upload| self.keep_picture(now, upload)))
        };
        let (icon, cover_image) = (keep(edit.icon), keep(edit.cover_image));
        let found = self.applications.get_mut(&id);
        let found = found.ok_or(ApiError::UnknownApplication)?;
        put(&mut found.privileged, edit.privileged);
        let profile = &mut found.profile;
        put(&mut profile.icon, icon);
        put(&mut profile.cover_image, cover_image);
        put(&mut profile.description, edit.description);
        put(&mut profile.tags, edit.tags);
        put(&mut profile.custom_install_url, edit.custom_install_url);
        put(&mut profile.install_params, edit.install_params);
        let types = edit.integration_types.map(|types| {
            if types.is_empty() {
                Profile::servers_only()
            } else {
                types
            }
        });
        put(&mut profile.integration_types, types);
        Ok(Events::default().done(()))
    }
}
