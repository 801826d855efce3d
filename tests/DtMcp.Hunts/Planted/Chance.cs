namespace DtMcp.Hunts.Planted;

/// <summary>Draws that traffic is made of.</summary>
internal static class Chance
{
    /// <summary>Added to every seed.</summary>
    public static int Seeds { get; set; }

    public static Random Of(int seed) => new(Seeds + seed);

    public static double Between(this Random random, double low, double high) => low + (random.NextDouble() * (high - low));

    public static bool Is(this Random random, double share) => random.NextDouble() < share;

    public static double Exponential(this Random random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    /// <summary>Around a median, with a long tail above.</summary>
    public static double LogNormal(this Random random, double median, double sigma) =>
        median * Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));

    /// <summary>Of so many, the first far more often than the last.</summary>
    public static int Zipf(this Random random, int count) => (int)(Math.Pow(count, random.NextDouble()) - 1);
}
