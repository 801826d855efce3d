namespace DtMcp.Tests.Serving;

public sealed class HttpServingTests(HttpProgram served) : ServingTests(served), IClassFixture<HttpProgram>;
