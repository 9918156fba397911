import { CaSource, type IssuingCa, type UploadedCas } from '#engine';
import { AwsCaSource } from './aws/aws-ca-source.js';
import { UploadCaSource } from './upload/upload-ca-source.js';
import { LoggedInCaSource } from './vault/logged-in-ca-source.js';
import { VaultCaSource } from './vault/vault-ca-source.js';

type Arguments<Method extends keyof CaSource> =
  Parameters<CaSource[Method]> extends [unknown, ...infer Rest] ? Rest : never;

/** Every kind of issuing CA behind the one port. Keep it as long as the process lives: it holds the logins. */
export class CaSources extends CaSource {
  private readonly kinds: { readonly [Kind in IssuingCa['kind']]: CaSource };

  constructor(uploads: UploadedCas) {
    super();
    this.kinds = {
      vault: new LoggedInCaSource(new VaultCaSource()),
      upload: new UploadCaSource(uploads),
      'aws-pca': new AwsCaSource(),
    };
  }

  override survey(ca: IssuingCa) {
    return this.kinds[ca.kind].survey(ca);
  }

  override prepareIssuer(ca: IssuingCa, ...rest: Arguments<'prepareIssuer'>) {
    return this.kinds[ca.kind].prepareIssuer(ca, ...rest);
  }

  override setIssuing(ca: IssuingCa, ...rest: Arguments<'setIssuing'>) {
    return this.kinds[ca.kind].setIssuing(ca, ...rest);
  }

  override switchDefault(ca: IssuingCa, ...rest: Arguments<'switchDefault'>) {
    return this.kinds[ca.kind].switchDefault(ca, ...rest);
  }

  override moveRole(ca: IssuingCa, ...rest: Arguments<'moveRole'>) {
    return this.kinds[ca.kind].moveRole(ca, ...rest);
  }

  override withdrawIssuer(ca: IssuingCa, ...rest: Arguments<'withdrawIssuer'>) {
    return this.kinds[ca.kind].withdrawIssuer(ca, ...rest);
  }

  override outstanding(ca: IssuingCa, ...rest: Arguments<'outstanding'>) {
    return this.kinds[ca.kind].outstanding(ca, ...rest);
  }

  override crl(ca: IssuingCa, ...rest: Arguments<'crl'>) {
    return this.kinds[ca.kind].crl(ca, ...rest);
  }

  override issueLeaf(ca: IssuingCa, ...rest: Arguments<'issueLeaf'>) {
    return this.kinds[ca.kind].issueLeaf(ca, ...rest);
  }
}
