import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';

import { ApiError } from './api/error';
import { queryClient } from './api/query';
import { meQuery } from './api/users';

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./pages/HomePage.vue') },
  { path: '/review', name: 'review', component: () => import('./pages/ReviewPage.vue') },
  {
    path: '/login',
    name: 'login',
    component: () => import('./pages/LoginPage.vue'),
    meta: { bare: true },
  },
  { path: '/:path(.*)*', name: 'lost', component: () => import('./pages/LostPage.vue') },
];

export const router = createRouter({ history: createWebHistory(), routes });

router.beforeEach(async (to) => {
  if (to.name === 'login') return true;
  try {
    const me = await queryClient.ensureQueryData(meQuery);
    if (me.login_needed) return { name: 'login', query: { next: to.fullPath } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // the page says what the server does not answer
  }
  return true;
});
