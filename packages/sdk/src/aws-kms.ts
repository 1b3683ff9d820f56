/** Tenants' wrapping keys in AWS KMS. Needs the package `@aws-sdk/client-kms` beside this one. */
export { awsKms, type AwsKmsCredentials, type AwsKmsOptions } from "@wardline/isolation";
