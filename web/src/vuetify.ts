import { createVuetify } from 'vuetify';
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg';

const light = {
  dark: false,
  colors: {
    background: '#f3f6f8',
    surface: '#ffffff',
    'surface-bright': '#ffffff',
    'surface-light': '#eef2f5',
    'surface-variant': '#44525c',
    'on-surface-variant': '#ffffff',
    primary: '#0b5c7a',
    secondary: '#4a5f6b',
    success: '#1b6e3c',
    warning: '#8a5300',
    error: '#b3261e',
    info: '#0b5c7a',
  },
  variables: { 'medium-emphasis-opacity': 0.72, 'border-opacity': 0.14 },
};

const dark = {
  dark: true,
  colors: {
    background: '#0d1418',
    surface: '#162027',
    'surface-bright': '#22303a',
    'surface-light': '#1d2932',
    'surface-variant': '#c3d0d8',
    'on-surface-variant': '#162027',
    primary: '#6cc7e6',
    secondary: '#a9bcc7',
    success: '#79cf97',
    warning: '#f0b45f',
    error: '#ffb4ab',
    info: '#6cc7e6',
  },
  variables: { 'medium-emphasis-opacity': 0.76, 'border-opacity': 0.18 },
};

export const themeKey = 'finview.theme';

function startTheme(): string {
  const kept = localStorage.getItem(themeKey);
  if (kept === 'light' || kept === 'dark') return kept;
  return window.matchMedia?.('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export const vuetify = createVuetify({
  icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
  theme: { defaultTheme: startTheme(), themes: { light, dark } },
  defaults: {
    VBtn: { variant: 'tonal', rounded: 'lg' },
    VCard: { rounded: 'lg', variant: 'flat', border: true },
    VTextField: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
    VTextarea: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
    VSelect: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
    VAutocomplete: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
    VSwitch: { density: 'compact', hideDetails: 'auto', color: 'primary', inset: true },
    VCheckbox: { density: 'compact', hideDetails: 'auto', color: 'primary' },
    VAlert: { variant: 'tonal', density: 'comfortable' },
    VDialog: { maxWidth: 560 },
  },
});
