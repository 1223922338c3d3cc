/** What a Spark job used, in the units that EMR Serverless bills. */
export interface Used {
  readonly vCPUHour: number;
  readonly memoryGBHour: number;
  readonly storageGBHour: number;
}

/**
 * List prices of EMR Serverless in US dollars: ARM64, us-east-1. Other regions ask some percent more, and an account may
 * have terms of its own: then these are to be changed here.
 */
export const SPARK_PRICES: Used = { vCPUHour: 0.042094, memoryGBHour: 0.004628, storageGBHour: 0.000111 };

export const costOf = (used: Used, prices = SPARK_PRICES): number =>
  used.vCPUHour * prices.vCPUHour + used.memoryGBHour * prices.memoryGBHour + used.storageGBHour * prices.storageGBHour;
