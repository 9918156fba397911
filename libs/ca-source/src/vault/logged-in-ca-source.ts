import { CaSource, PortError, type Secret, type VaultCa, type VaultTokenCa } from '#engine';
import { VaultLogins } from './vault-logins.js';

type Arguments<Method extends keyof CaSource> =
  Parameters<CaSource<VaultCa>[Method]> extends [unknown, ...infer Rest] ? Rest : never;

/**
 * Vault with a token that was recorded, or with one that it gives for a login by AppRole. When Vault does not take
 * the token of a login any more (revoked, or expired in the middle of the call), one more login is made and the call
 * repeated: the port promises that this is safe.
 */
export class LoggedInCaSource extends CaSource<VaultCa> {
  constructor(
    private readonly vault: CaSource<VaultTokenCa>,
    private readonly logins = new VaultLogins(),
  ) {
    super();
  }

  override survey(ca: VaultCa) {
    return this.ask(ca, (known) => this.vault.survey(known));
  }

  override prepareIssuer(ca: VaultCa, ...rest: Arguments<'prepareIssuer'>) {
    return this.ask(ca, (known) => this.vault.prepareIssuer(known, ...rest));
  }

  override setIssuing(ca: VaultCa, ...rest: Arguments<'setIssuing'>) {
    return this.ask(ca, (known) => this.vault.setIssuing(known, ...rest));
  }

  override switchDefault(ca: VaultCa, ...rest: Arguments<'switchDefault'>) {
    return this.ask(ca, (known) => this.vault.switchDefault(known, ...rest));
  }

  override moveRole(ca: VaultCa, ...rest: Arguments<'moveRole'>) {
    return this.ask(ca, (known) => this.vault.moveRole(known, ...rest));
  }

  override withdrawIssuer(ca: VaultCa, ...rest: Arguments<'withdrawIssuer'>) {
    return this.ask(ca, (known) => this.vault.withdrawIssuer(known, ...rest));
  }

  override outstanding(ca: VaultCa, ...rest: Arguments<'outstanding'>) {
    return this.ask(ca, (known) => this.vault.outstanding(known, ...rest));
  }

  override crl(ca: VaultCa, ...rest: Arguments<'crl'>) {
    return this.ask(ca, (known) => this.vault.crl(known, ...rest));
  }

  override issueLeaf(ca: VaultCa, ...rest: Arguments<'issueLeaf'>) {
    return this.ask(ca, (known) => this.vault.issueLeaf(known, ...rest));
  }

  private async ask<Answer>(ca: VaultCa, work: (ca: VaultTokenCa) => Promise<Answer>): Promise<Answer> {
    const { appRole, ...mount } = ca;
    if (appRole === undefined) return work(ca);
    const withToken = (token: Secret) => work({ ...mount, token });
    const token = await this.logins.token({ ...mount, appRole });
    try {
      return await withToken(token);
    } catch (error) {
      if (!isDenied(error)) throw error;
    }
    return withToken(await this.logins.token({ ...mount, appRole }, token)).catch((error: unknown) => {
      throw isDenied(error) ? policyLacks(error, appRole.mount) : error;
    });
  }
}

function isDenied(error: unknown): error is PortError {
  return error instanceof PortError && error.problem.code === 'ca.denied';
}

/** What Vault denies to a token of this very moment is denied by the policy. */
function policyLacks({ problem }: PortError, mount: string): PortError {
  return new PortError({
    ...problem,
    nextStep: `The login by AppRole at ${mount} was taken just now, so what lacks is a right: give the role a policy that grants this request ("windlass ca policy" prints one), and check that the mount exists.`,
  });
}
