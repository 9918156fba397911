import 'reflect-metadata';
import type { ExecutionContext } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { Reflector } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import { CONTROLLERS } from '../app.module.js';
import { AccessGuard } from './access.guard.js';
import { ACCESS, MayAnybody, MayRead } from './access-rule.js';
import type { FleetScope } from './fleet-scope.js';

class Routes {
  @MayAnybody() open(): void {}
  @MayRead('nothing') read(): void {}
  forgotten(): void {}
}

const ADMIN = { id: 'api-key:1', name: 'ana', roles: ['admin'], fleets: null, until: null };

function ask(route: keyof Routes, caller?: object): Promise<boolean> {
  const scope = { refuseBeyond: async () => undefined } as unknown as FleetScope;
  const request = { params: {}, ...(caller ? { caller } : {}) };
  const context = {
    getHandler: () => Routes.prototype[route],
    getClass: () => Routes,
    switchToHttp: () => ({ getRequest: () => request }),
  };
  return new AccessGuard(new Reflector(), scope).canActivate(context as unknown as ExecutionContext);
}

describe('the guard', () => {
  it('lets everybody in where the route says so, and nobody unknown elsewhere', async () => {
    expect(await ask('open')).toBe(true);
    expect(await ask('read', ADMIN)).toBe(true);
    await expect(ask('read')).rejects.toMatchObject({ code: 'request.unauthorised' });
  });

  it('lets nobody in where nothing says who may, an admin among them', async () => {
    await expect(ask('forgotten', ADMIN)).rejects.toMatchObject({ code: 'request.forbidden' });
    await expect(ask('forgotten')).rejects.toMatchObject({ code: 'request.unauthorised' });
  });
});

describe('every route of the API', () => {
  const routes = CONTROLLERS.flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype)
      .filter((name) => name !== 'constructor')
      .map((name) => [`${controller.name}.${name}`, controller.prototype[name]] as const)
      .filter(([, handler]) => typeof handler === 'function' && Reflect.hasMetadata(PATH_METADATA, handler)),
  );

  it('is found', () => {
    expect(routes.length).toBeGreaterThan(30);
  });

  it.each(routes)('%s says who may use it', (_, handler) => {
    expect(Reflect.getMetadata(ACCESS, handler)).toBeDefined();
  });
});
