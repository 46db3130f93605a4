//! What is needed to save a world in a file and load it later: see [`crate::keep`].

use super::World;
use super::model::File;
use crate::id::AttachmentId;

impl World {
    /// Every stored file: attachments, and pictures such as avatars.
    pub(crate) fn files(&self) -> impl Iterator<Item = (AttachmentId, &File)> {
        self.files.iter().map(|(id, file)| (*id, file))
    }

    pub(crate) fn files_mut(&mut self) -> impl Iterator<Item = (AttachmentId, &mut File)> {
        self.files.iter_mut().map(|(id, file)| (*id, file))
    }

    /// Changes the address that serves attachments, also in embeds and components, which contain whole
    /// addresses.
    pub(crate) fn move_to(&mut self, base_url: &str) {
        let old = std::mem::replace(&mut self.base_url, base_url.to_owned());
        let messages = self.messages.values_mut().flat_map(|m| m.values_mut());
        let pictures = messages.flat_map(super::model::Message::pictures_mut);
        for address in pictures.flat_map(super::embed::Picture::addresses_mut) {
            let path = address.strip_prefix(&old).filter(|path| {
                let mut folders = ["/attachments/", "/ephemeral-attachments/"].into_iter();
                folders.any(|folder| path.starts_with(folder))
            });
            if let Some(path) = path {
                *address = format!("{base_url}{path}");
            }
        }
    }
}

/// Serializes maps whose keys are not strings as lists of pairs.
pub(super) mod pairs {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(in crate::world) fn serialize<'a, M, K, V, S>(
        map: &'a M,
        serializer: S,
    ) -> Result<S::Ok, S::Error>
    where
        &'a M: IntoIterator<Item = (&'a K, &'a V)>,
        K: Serialize + 'a,
        V: Serialize + 'a,
        S: Serializer,
    {
        serializer.collect_seq(map)
    }

    pub(in crate::world) fn deserialize<'de, M, K, V, D>(deserializer: D) -> Result<M, D::Error>
    where
        M: FromIterator<(K, V)>,
        K: Deserialize<'de>,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Vec::<(K, V)>::deserialize(deserializer).map(|pairs| pairs.into_iter().collect())
    }
}
