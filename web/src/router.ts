import {
  createRouter,
  createWebHistory,
  type RouteLocationNormalized,
  type RouteRecordRaw,
} from 'vue-router';

import { ApiError } from './api/error';
import { queryClient } from './api/query';
import { meQuery } from './api/users';

/** Pages about one row; another row is another page. */
const byId = {
  props: (route: RouteLocationNormalized) => ({ id: Number(route.params.id) }),
  meta: { keyed: true },
};

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./pages/HomePage.vue') },
  {
    path: '/individuals',
    name: 'individuals',
    component: () => import('./pages/IndividualsPage.vue'),
  },
  {
    path: '/individuals/duplicates',
    name: 'duplicates',
    component: () => import('./pages/DuplicatesPage.vue'),
  },
  {
    path: '/individuals/:id(\\d+)',
    name: 'individual',
    component: () => import('./pages/IndividualPage.vue'),
    ...byId,
  },
  { path: '/photos', name: 'photos', component: () => import('./pages/PhotosPage.vue') },
  {
    path: '/photos/:id(\\d+)',
    name: 'photo',
    component: () => import('./pages/PhotoPage.vue'),
    props: byId.props,
  },
  { path: '/fins/:id(\\d+)', name: 'fin', component: () => import('./pages/FinPage.vue'), ...byId },
  { path: '/tasks', name: 'tasks', component: () => import('./pages/TasksPage.vue') },
  {
    path: '/tasks/:id(\\d+)',
    name: 'task',
    component: () => import('./pages/TaskPage.vue'),
    ...byId,
  },
  {
    path: '/encounters',
    name: 'encounters',
    component: () => import('./pages/EncountersPage.vue'),
  },
  { path: '/map', name: 'map', component: () => import('./pages/MapPage.vue') },
  { path: '/table', name: 'table', component: () => import('./pages/TablePage.vue') },
  { path: '/files', redirect: '/files/images' },
  {
    path: '/files/:area(images|datasets|outputs)',
    name: 'files',
    component: () => import('./pages/FilesPage.vue'),
    props: true,
  },
  { path: '/options', name: 'options', component: () => import('./pages/OptionsPage.vue') },
  { path: '/users', name: 'users', component: () => import('./pages/UsersPage.vue') },
  { path: '/history', name: 'history', component: () => import('./pages/HistoryPage.vue') },
  { path: '/help', name: 'help', component: () => import('./pages/HelpPage.vue') },
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
