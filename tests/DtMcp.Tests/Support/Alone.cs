namespace DtMcp.Tests.Support;

/// <summary>Tests that look at the memory of this process: no other test runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
