// Which of the browser's conventions a language goes by: dates, numbers and money everywhere.
export const localeOf = (lang: string): string => (lang === "zh" ? "zh-CN" : "en-GB");
