namespace DtMcp.Tests.Serving;

public sealed class StdioServingTests(StdioProgram served) : ServingTests(served), IClassFixture<StdioProgram>;
