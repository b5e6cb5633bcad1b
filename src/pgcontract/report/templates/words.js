// Words and numbers as the rest of the page has them, and what is remembered.
const number = (value) => (value < 1000 ? String(value) : value.toLocaleString("en-US"));
const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

const duration = (milliseconds) => {
  if (milliseconds < 0.1) return "<0.1 ms";
  if (milliseconds < 100) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 59950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

// Storage may be full or forbidden: then nothing is remembered, and nothing else is different.
const remembered = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};
const remember = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // As above.
  }
};

