// Small JPEG XL files, since nothing that tests install writes them. Made by cjxl 0.7.0 (Debian's
// libjxl-tools) of a picture of 96 x 64 pixels in four quarters: red, green over blue, white. `plain`
// and `deep` (16 bits) are without loss (`-d 0`) and without boxes, `boxes` is lossy in boxes
// (`-d 0.2 --container=1`). The others are of a JPEG whose EXIF orientation is 6: `fromJpeg` holds
// that JPEG itself (`-j 1`), `turned` its pixels (`-d 0 -j 0`). Test code only.
import type { Quarters } from './heic-files.ts'

/** A file, and what it shows. */
export interface JxlFile extends Quarters {
  base64: string
}

/** One file of each kind. */
export const JXL_FILES: Record<'plain' | 'deep' | 'boxes' | 'fromJpeg' | 'turned', JxlFile> = {
  plain: {
    base64:
      '/woPQUBxIQgCAQCsAEs4aZjKg/crSAiAenY/Bs0FggDoIH0BUPv2Fwmk6U9Z8u/fEqS0uB5nqJA=',
    width: 96,
    height: 64,
    quarters: ['red', 'lime', 'blue', 'white']
  },
  deep: {
    base64:
      'AAAADEpYTCANCocKAAAAFGZ0eXBqeGwgAAAAAGp4bCAAAAAJanhsbAoAAABHanhsY/8KD/EDUFwICAIBAMQASzhpmM' +
      'qD9ytICID77H4MHuYCQQB0ob8A+M37/wOQBOL0/4f8+P/3/+97wYxRcZJ1UQ==',
    width: 96,
    height: 64,
    quarters: ['red', 'lime', 'blue', 'white']
  },
  boxes: {
    base64:
      'AAAADEpYTCANCocKAAAAFGZ0eXBqeGwgAAAAAGp4bCAAAAPGanhsY/8KD0FCcSEAE4gAxA7//0oBAFChMsq4wcu5ni' +
      '8/dFhM27jO0FbbFpYkioxjk3QCh0kKCtxtVxfJKsYYT8Iux4t3MfIuxnino3ti1UpUqRNJxot3TGiNjYEvyESSYNO3' +
      'hf1donlxRyjVFjy0aj8Sl69f+vIVE8LxbGZ7fDd7ZCzoW46iHoR5LOhINKp3jDjwg8UWDPUJybfNBDKRDUeUnwGvG1' +
      'b9w52iG9M2gfdnwybnPfdb3C/765AFIH18m8IsimtSFzqesTQVhMwSCNZEYDxbu+YTYRV/myQJT1F6V73/dDR3egQh' +
      'RUTi9OgFbxVFuKlI7o9SOETKIXZSN7HELawKeMMa+EzwYmQCoy22bDwHC1CAb02lEb8BFeB80PRHT9Twi/uFyQMYfm' +
      'P4NLt+h93HYZ6yFmhltur7AfpDXIAn+FFB5y4ApNAZeM70Qq8lAQC2700pxjw001au60ePBADYvjelGPMwDFW3tW39' +
      '0CIBALbvTSnGPDTTVq5CCqzRxGGSmXd5PJHk3fHyPmfyY5wY409OFAoMUhvOGnfyFf71OQJHPRAmfidbFNPMdkMiEF' +
      'S6hpwOlri851ZUjhbs7EJtXG5qhqxkpbFEUM9OaRF4EbNkglgUCd1DhzfaHU2QAI4OT0jbM17Ct1JskYNrxKSzC6f8' +
      'vYlW2d2ViI8hW+5K1lSB+nGyyf9mj/FOYsrngSXhLCndqMGqxI3tc8+WH7yujGKLB1pQtWFwdTqHaLPb0Bmn6St3eO' +
      'q+lP5JPO0wM4JhOHx856erRPt76KGOkkiX6BJ/WVXgQJ5QFUrAhwHWCP2IsfuLv3Hu9P8Lkuj/15tjalag9+oL1iou' +
      'DscFBpcJcCGKfuownJMkB+YdECQGBxoJdLIY+sMW6h+VWzAwdPz1UBbui7KSQuoG7tFYwvtNgYB6fG8XYIMQRe9y9D' +
      'hcHmDaddmtJZF6euVZOLxps+S0e4T2oS8MPPALvxUGlKnZcPz3YTFbgELt5cyvJPlqh0fmRhGA7JOfF1+eYQt5Fxb0' +
      '2XRdWtmOIrAEuQh+yDRjZ9UXpQnk5D/p0NoyJ4k//+aVDSVTJGJVzClmgeoWEv9YPD7NBl2gvXJQpHhNIAUutIZxho' +
      'GJHlEJ4BHprwSZAjkPXRljcWHpOpTdSQUBA3ngrdAAwOAisnkQCWzhFwgO5w02Sz2XBeP9clsfJ1VCjHZIjAgXBkUW' +
      'WjfaE/gJ/XVYYQln6Znd+NCV+RVH083OtWBtzFqQ98Rv22ZpuvZ1J1miCJ+pkAkbhVKWBg4=',
    width: 96,
    height: 64,
    quarters: ['red', 'lime', 'blue', 'white']
  },
  fromJpeg: {
    base64:
      'AAAADEpYTCANCocKAAAAFGZ0eXBqeGwgAAAAAGp4bCAAAADfanhscAAAAAD/Cg8tEJIvBQkHyOSGexV8L5kVWv5ZUs' +
      'KKFCVefSy7KyzwXuDP9fnP9fVco29nyWg0+nQ+QtiMaTNbAAC8K3b7ZGLsN6QBZE6YO3PG0JHDAgAAlF//aTx50/3F' +
      'irb+1NbBjhZSxeg9T1UAAAAAKVMBOIZxMxn4nDlSjgiQMhXAMYybydPnDBkWQu21OtDpNme4n1e7/fff+RrehdB+Jf' +
      '33331D/ffffkXc5VJgYvIWxOLKufsgYi301gQfq2VJQcxboLYS3bhiJqXynpgm40+hjLIBAAAAQGpicmRCcdsAgiAI' +
      'LRMvQPABoUaBVAIAAAAMRfg/EQAAAAD8r4QRAAAAIBhK/78IAAAAAP4X+AGAygIAOwAAAIBicm9iRXhpZhu3AADE/7' +
      'r1/t5cViBN9DcK0wUJr4soLbB1TGxtefzQXRBBEAB02eDvBlmCG8EYRnCz7udDobQthAuhhsNpkJEEbWkK0oleSgys' +
      '7iA6F6rP/Sh9oHa7en45fw3wWigA3HimTyAhgXixZ6b4qqZkImKixO4HAAABNmp4bHCAAAAB4FsAEACMBAhgCGAIYP' +
      '7/DgAAGAAIAAEAAAAAAICAJYki49gJae5YAQBKTgoKCgpsaozBuLsYY7w7Ho8nUhWPkhR5x3hBQgxWio6OhnCIETGM' +
      'iI5gcp/xCb5bLYJCuLjO60xj0kA76+5Xz+vWFCRSvK8ei8duiW1/Ks/63+iaG5QlJi9DGD1E0sDcvAwxK6B6iYAUPR' +
      'QlAZABEo7+Jal/SGdenGtUg8HynEeDA/8EzORCadXGye8c+85B90UoPj+0/adEFVIiTOZE1KmPx0fnKhQHJTvfAQCY' +
      'AHACiJnZDQCQJwQAgHUBQH4bAAAAAAAAAAAAGCDyAGoFlIMBYgBhCLDYA0cpFBCGAIkngUEEIesdAIAcCAAAAIwAAA' +
      'AAAAAAAAAAAAAAAFCSAA==',
    width: 64,
    height: 96,
    quarters: ['blue', 'red', 'white', 'lime']
  },
  turned: {
    base64:
      'AAAADEpYTCANCocKAAAAFGZ0eXBqeGwgAAAAAGp4bCAAAAEQanhsY/8KDy0Qki8FCQfI5IZ7FXwvmRVa/llSwooUJV' +
      '59LLsrLPBe4M/1+c/19Vyjb2fJaDT6dD5C2IxpM1sAALwrdvtkYuw3pAFkTpg7c8bQkcMCAACUX/9pPHnT/cWKtv7U' +
      '1sGOFlLF6D1PVQAAAAApUwE4hnEzGficOVKOCJAyFcAxjJvJ0+cMGRZC7bU60Ok2Z7ifV7v999/5Gt6F0H4l/ffffU' +
      'P9999+RdzlUmBi8hbE4sq5+yBiLfTWBB+rZUlBzFugthLduGImpfKemCbjT6GMsgEIAgEAvABLOGmYyoP3K0gIgHr+' +
      'P8YY41wgCIALqCcefrY4gQQk/YCQ/IAE+6Xu/O4fFFWxFQ==',
    width: 64,
    height: 96,
    quarters: ['blue', 'red', 'white', 'lime']
  }
}
