// The languages that Discord has, each in its own words.

/** Discord's code and the name. @type {[string, string][]} */
export const LOCALES = [
  ["en-US", "English, US"], ["en-GB", "English, UK"], ["bg", "български"], ["cs", "Čeština"], ["da", "Dansk"],
  ["de", "Deutsch"], ["el", "Ελληνικά"], ["es-ES", "Español"], ["es-419", "Español, LATAM"], ["fi", "Suomi"],
  ["fr", "Français"], ["hi", "हिन्दी"], ["hr", "Hrvatski"], ["hu", "Magyar"], ["id", "Bahasa Indonesia"],
  ["it", "Italiano"], ["ja", "日本語"], ["ko", "한국어"], ["lt", "Lietuviškai"], ["nl", "Nederlands"], ["no", "Norsk"],
  ["pl", "Polski"], ["pt-BR", "Português do Brasil"], ["ro", "Română"], ["ru", "Русский"], ["sv-SE", "Svenska"],
  ["th", "ไทย"], ["tr", "Türkçe"], ["uk", "Українська"], ["vi", "Tiếng Việt"], ["zh-CN", "中文"], ["zh-TW", "繁體中文"],
];
