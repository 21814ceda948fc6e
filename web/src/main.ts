import 'vuetify/styles';
import './style.css';

import { VueQueryPlugin } from '@tanstack/vue-query';
import { createApp } from 'vue';

import App from './App.vue';
import { queryClient } from './api/query';
import { router } from './router';
import { vuetify } from './vuetify';

createApp(App).use(router).use(vuetify).use(VueQueryPlugin, { queryClient }).mount('#app');
