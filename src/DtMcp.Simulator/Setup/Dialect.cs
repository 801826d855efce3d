namespace DtMcp.Simulator.Setup;

/// <summary>Which of the two documented shapes <c>/network</c> answers with.</summary>
public enum Dialect
{
    /// <summary>
    /// The shape of the vendor's guide: <c>statistics[]</c>, <c>devices[]</c>, <c>externaldevices[]</c>, <c>connections[]</c>.
    /// </summary>
    Guide,

    /// <summary>The shape of the Python SDK's page: <c>traffic[]</c> with one row a connection, and <c>summary</c>.</summary>
    Sdk,
}
