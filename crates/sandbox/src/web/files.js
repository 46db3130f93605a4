// Files on their way to the server.

/** A file as the control API takes it. @param {File} file @returns {Promise<{filename: string, content_type: string, data: string}>} */
export function packed(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done({ filename: file.name, content_type: file.type, data: String(reader.result).replace(/^[^,]*,/, "") });
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}
